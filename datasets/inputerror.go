package datasets

import (
	"errors"
	"fmt"
)

// An InputError says what is wrong with a parameter of a request, and what to
// do. Its text is for the person who asked.
type InputError struct {
	Param string // its name as it came
	Text  string // in English
	Kind  string // of the text, by which it is told in other languages; empty: there is only the text
	Args  []any  // what stands in the text, in its order: numbers, strings, column types
}

func (e *InputError) Error() string { return e.Param + ": " + e.Text }

// inputError returns an error of a kind, with its text in English.
func inputError(param, kind, format string, args ...any) *InputError {
	return &InputError{Param: param, Text: fmt.Sprintf(format, args...), Kind: kind, Args: args}
}

// badValue is the error of a value of a parameter that its caller names.
func badValue(kind, format string, args ...any) error { return inputError("", kind, format, args...) }

// named gives an error of a value the name of its parameter.
func named(param string, err error) error {
	var input *InputError
	if errors.As(err, &input) {
		input.Param = param
		return input
	}
	return &InputError{Param: param, Text: err.Error()}
}
