package samples

// The themes of the demo.
const (
	onGovernment     = "government"
	onPopulation     = "population"
	onFinance        = "finance"
	onBusiness       = "business"
	onCommunications = "communications"
	onEnvironment    = "environment"
	onHealth         = "health"
	onEnergy         = "energy"
	onEducation      = "education"
	onTransport      = "transport"
)

type theme struct {
	name  string
	title text
}

func themes() []theme {
	return []theme{
		{onGovernment, text{"دولت و شفافیت", "Government and transparency"}},
		{onPopulation, text{"جمعیت و جامعه", "Population and society"}},
		{onFinance, text{"بودجه و مالیه", "Budget and finance"}},
		{onBusiness, text{"کسب‌وکار و مجوزها", "Business and licences"}},
		{onCommunications, text{"ارتباطات و فناوری", "Communications and technology"}},
		{onEnvironment, text{"محیط زیست و شهر", "Environment and cities"}},
		{onHealth, text{"سلامت", "Health"}},
		{onEnergy, text{"آب و انرژی", "Water and energy"}},
		{onEducation, text{"آموزش", "Education"}},
		{onTransport, text{"راه و حمل‌ونقل", "Transport"}},
	}
}

func themeOf(name string) theme {
	for _, t := range themes() {
		if t.name == name {
			return t
		}
	}
	panic("no theme " + name) // the names are constants of this package
}
