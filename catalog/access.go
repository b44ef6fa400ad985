package catalog

// visible is the one predicate of what the public may see, as SQL on a table
// that has a state. Pages, API, search, counts and exports all go through it;
// Visible is the same rule in Go.
const visible = "state = 'published'"

// Visible reports whether a thing in this state is for the public.
func Visible(state string) bool { return state == Published }
