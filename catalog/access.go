package catalog

import "slices"

// visible is the one predicate of what the public may see, as SQL on a table
// that has a state. Pages, API, search, counts and exports all go through it;
// Visible is the same rule in Go.
const visible = "state = 'published'"

// once is what is or was public: the public may know of it.
const once = "state in ('published', 'retired', 'withdrawn')"

// Visible reports whether a thing in this state is for the public.
func Visible(state string) bool { return state == Published }

// A Role is what a person is in an agency.
type Role string

// The roles, from the one that may the least. What each may is in rights.
const (
	Viewer    Role = "viewer"    // sees what is not public yet
	Editor    Role = "editor"    // prepares it
	Moderator Role = "moderator" // answers and moderates
	Publisher Role = "publisher" // prepares and publishes
	Admin     Role = "admin"     // all of that, and appoints people
)

// Roles are all roles.
var Roles = []Role{Viewer, Editor, Moderator, Publisher, Admin}

// A Verb is something that a person does to a thing of an agency, or to the
// portal.
type Verb string

// The verbs.
const (
	View     Verb = "view"     // what is not public
	Edit     Verb = "edit"     // make and change what is not public yet, upload files
	Publish  Verb = "publish"  // make public, change what is public, retire
	Answer   Verb = "answer"   // questions and comments, in the agency's name
	Moderate Verb = "moderate" // hide what others wrote, with a reason
	Harvest  Verb = "harvest"  // register sources, run them, approve held runs
	Appoint  Verb = "appoint"  // invite people, give and take roles
	Audit    Verb = "audit"    // read the log
	Operate  Verb = "operate"  // the portal itself: agencies, operators, settings
)

// Verbs are all verbs. A token's scopes are some of them.
var Verbs = []Verb{View, Edit, Publish, Answer, Moderate, Harvest, Appoint, Audit, Operate}

// rights is who may do what in an agency. What does not stand here nobody may
// but an operator.
var rights = map[Verb][]Role{
	View:     {Viewer, Editor, Moderator, Publisher, Admin},
	Edit:     {Editor, Publisher, Admin},
	Publish:  {Publisher, Admin},
	Answer:   {Editor, Moderator, Publisher, Admin},
	Moderate: {Moderator, Admin},
	Harvest:  {Publisher, Admin},
	Appoint:  {Admin},
	Audit:    {Admin},
}

// An Actor is who does something. The zero value is the public.
type Actor struct {
	Person   string // id; empty: nobody who signed in
	Name     string
	Operator bool
	Roles    map[string]Role // by id of the agency
	Token    string          // id of the token that came instead of a person; empty: the person is there
	Scopes   []Verb          // of the token: nothing else may be done with it
	Agency   string          // of the token, when it is for one only
}

// Shell is who runs a command on the machine itself.
var Shell = Actor{Name: "shell", Operator: true}

// Can reports whether the actor may do the verb to things of the agency with
// the given id; empty stands for the portal itself. Whatever is not allowed is
// forbidden.
func (a *Actor) Can(do Verb, agency string) bool {
	if IsBuiltin(agency) && slices.Contains([]Verb{Edit, Publish, Harvest}, do) {
		return false // the portal's own: nobody makes or changes anything there
	}
	if a.Token != "" && (!slices.Contains(a.Scopes, do) || a.Agency != "" && a.Agency != agency) {
		return false
	}
	if a.Operator {
		return true
	}
	role := a.Roles[agency]
	return agency != "" && role != "" && slices.Contains(rights[do], role)
}

// Sees reports whether the actor may see a thing of the agency in this state.
func (a *Actor) Sees(state, agency string) bool { return Visible(state) || a.Can(View, agency) }

// Agencies are the ids of the agencies in which the actor may do the verb;
// all is true for who may do it everywhere.
func (a *Actor) Agencies(do Verb) (ids []string, all bool) {
	if a.Operator && (a.Token == "" || a.Agency == "" && slices.Contains(a.Scopes, do)) {
		return nil, true
	}
	for id := range a.Roles {
		if a.Can(do, id) {
			ids = append(ids, id)
		}
	}
	if a.Operator && a.Can(do, a.Agency) {
		ids = append(ids, a.Agency)
	}
	slices.Sort(ids)
	return slices.Compact(ids), false
}
