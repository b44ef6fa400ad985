package main

import (
	"path/filepath"

	"github.com/openshafaf/shafaf/catalog"
	"github.com/openshafaf/shafaf/catalog/fiscal/contracts"
	"github.com/openshafaf/shafaf/catalog/fiscal/ocds"
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

// putDemoLimits sets the limits of red flags, unless somebody did.
func putDemoLimits(tx *catalog.Tx) error {
	set, err := tx.Setting(contracts.SettingFlags)
	if err != nil || set != "" {
		return err
	}
	limits := ocds.DefaultLimits()
	limits.Thresholds = samples.ContractLimits()
	return contracts.PutLimits(tx, &catalog.Shell, limits)
}
