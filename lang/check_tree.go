package lang

// checkTree reports what the structure of the whole file forbids.
func (p *parser) checkTree() {
}
