package site

import (
	"html/template"
	"reflect"
	"slices"
	"text/template/parse"
)

// constant are the functions of templates whose answer is always the same: what
// they make of words that stand in the template is written once, not for each
// page. They stand in running text and in quoted attributes.
var constant = []string{"t", "th", "tk", "tkh", "url", "asset", "lang", "icon"}

// fold writes what is constant in a template into its text.
func fold(list *parse.ListNode, funcs template.FuncMap) {
	if list == nil {
		return
	}
	nodes := list.Nodes[:0]
	for _, n := range list.Nodes {
		switch branch := n.(type) {
		case *parse.IfNode:
			foldBranch(&branch.BranchNode, funcs)
		case *parse.RangeNode:
			foldBranch(&branch.BranchNode, funcs)
		case *parse.WithNode:
			foldBranch(&branch.BranchNode, funcs)
		case *parse.ActionNode:
			if text, ok := folded(branch.Pipe, funcs); ok {
				n = &parse.TextNode{NodeType: parse.NodeText, Pos: branch.Pos, Text: []byte(text)}
			}
		}
		text, isText := n.(*parse.TextNode)
		if isText && len(nodes) > 0 {
			if last, ok := nodes[len(nodes)-1].(*parse.TextNode); ok {
				nodes[len(nodes)-1] = &parse.TextNode{NodeType: parse.NodeText, Pos: last.Pos, Text: slices.Concat(last.Text, text.Text)}
				continue
			}
		}
		nodes = append(nodes, n)
	}
	list.Nodes = nodes
}

func foldBranch(b *parse.BranchNode, funcs template.FuncMap) {
	fold(b.List, funcs)
	fold(b.ElseList, funcs)
}

// folded is what a pipeline answers, escaped, if that is always the same.
func folded(pipe *parse.PipeNode, funcs template.FuncMap) (text string, ok bool) {
	if len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 {
		return "", false
	}
	args := pipe.Cmds[0].Args
	name, isName := args[0].(*parse.IdentifierNode)
	if !isName || !slices.Contains(constant, name.Ident) {
		return "", false
	}
	var words []reflect.Value
	for _, arg := range args[1:] {
		word, isWord := arg.(*parse.StringNode)
		if !isWord || word.Text == siteName {
			return "", false
		}
		words = append(words, reflect.ValueOf(word.Text))
	}
	defer func() {
		if recover() != nil { // there is no such text: the template asks first
			text, ok = "", false
		}
	}()
	switch answer := reflect.ValueOf(funcs[name.Ident]).Call(words)[0].Interface().(type) {
	case template.HTML:
		return string(answer), true
	case string:
		return template.HTMLEscapeString(answer), true
	}
	return "", false
}
