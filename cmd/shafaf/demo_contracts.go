package main

import (
	"path/filepath"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/datasets/samples"
)

// demoContracts is the folder with the releases of the demo's contracts.
func (e *env) demoContracts() string { return filepath.Join(e.dir, "demo", "contracts") }

// demoContractSource adds the source of contracts to those of the demo.
func demoContractSource(sources []catalog.Source, folder string) ([]catalog.Source, error) {
	folder, err := filepath.Abs(folder)
	return append(sources, catalog.Source{
		Slug: "demo-contracts", Kind: "ocds", URL: folder,
		Title: catalog.Text{"fa": "قراردادهای نمایشی (OCDS)", "en": "Demonstration contracts (OCDS)"},
	}), err
}

// demoLimits sets the limits of red flags before the contracts come in, unless
// somebody did.
func (e *env) demoLimits(p *portal) error {
	settings, err := p.store.Settings(e.ctx)
	if err != nil || settings[contracts.SettingFlags] != "" {
		return err
	}
	limits, err := contracts.New(p.store).Limits(e.ctx)
	if err != nil {
		return err
	}
	limits.Thresholds = samples.ContractLimits()
	return p.store.Write(e.ctx, func(tx *catalog.Tx) error { return contracts.PutLimits(tx, &catalog.Shell, limits) })
}

// linkContracts finds the budget lines that contracts name.
func (e *env) linkContracts(p *portal) error {
	_, err := contracts.New(p.store).Link(e.ctx)
	return err
}
