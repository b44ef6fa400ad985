package exporters

// Spare reports whether less than half of the budget is used: only then is it
// right to write exports that nobody has asked for yet.
func (f *Files) Spare() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.total < f.Budget/2
}
