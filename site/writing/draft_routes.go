package writing

import (
	"github.com/openshafaf/shafaf/catalog/consultation"
	"github.com/openshafaf/shafaf/site"

	"github.com/gofiber/fiber/v2"
)

// draftRoutes are what programs can do with draft regulations.
func (a *API) draftRoutes() []site.Route {
	type handlers = map[string]site.Handler
	type docs = map[string]site.WriteDoc
	const one = pathDrafts + "/{slug}"
	post := func(path, key string, do site.Handler, takes any, status int) site.Route {
		return site.Route{Path: path, Write: handlers{fiber.MethodPost: a.told(do)}, Writes: docs{fiber.MethodPost: changesDraft(key, takes, status)}}
	}
	return []site.Route{
		{
			Path: pathDrafts, Write: handlers{fiber.MethodPost: a.told(a.createDraft)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.draft.create", Takes: Regulation{}, Gives: Draft{}, Status: fiber.StatusCreated, Once: true}},
		},
		{
			Path: "/desk" + pathDrafts, Write: handlers{fiber.MethodGet: a.told(a.listDrafts)},
			Writes: docs{fiber.MethodGet: {Doc: "api.write.draft.list", Gives: site.List[DraftRow]{}, Status: fiber.StatusOK}},
		},
		{
			Path: one, Shared: true,
			Write: handlers{fiber.MethodGet: a.told(a.readDraft), fiber.MethodPatch: a.told(a.updateDraft), fiber.MethodDelete: a.told(a.discardDraft)},
			Writes: docs{
				fiber.MethodGet:    {Doc: "api.write.draft.read", Gives: Draft{}, Status: fiber.StatusOK},
				fiber.MethodPatch:  changesDraft("api.write.draft.update", Regulation{}, fiber.StatusOK),
				fiber.MethodDelete: {Doc: "api.write.draft.discard", Status: fiber.StatusNoContent, Match: true},
			},
		},
		post(one+"/publish", "api.write.draft.publish", draftAct(a, fiber.StatusOK, publishDraft), nil, fiber.StatusOK),
		post(one+"/retire", "api.write.draft.retire", draftAct(a, fiber.StatusOK, retireDraft), Reason{}, fiber.StatusOK),
		post(one+"/approve", "api.write.draft.approve", draftAct(a, fiber.StatusOK, approveDraft), Approval{}, fiber.StatusOK),
		post(one+"/withdraw", "api.write.draft.withdraw", draftAct(a, fiber.StatusOK, withdrawDraft), Withdrawal{}, fiber.StatusOK),
		post(one+"/resume", "api.write.draft.resume", draftAct(a, fiber.StatusOK, resumeDraft), nil, fiber.StatusOK),
		post(one+"/periods", "api.write.draft.period", draftAct(a, fiber.StatusCreated, addPeriod), Period{}, fiber.StatusCreated),
	}
}

// textRoutes are what they can do with the texts of drafts, and with answers to
// what people say of them.
func (a *API) textRoutes() []site.Route {
	type handlers = map[string]site.Handler
	type docs = map[string]site.WriteDoc
	const one = pathDrafts + "/{slug}"
	const all, text = one + "/versions", one + "/versions/{id}"
	return []site.Route{
		{
			Path: all, Upload: true, Budget: site.BudgetUploads, Write: handlers{fiber.MethodPost: a.told(a.addText)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.text.add", File: true, Gives: Draft{}, Status: fiber.StatusCreated, Match: true, Once: true}},
		},
		{
			Path: text, Write: handlers{fiber.MethodGet: a.told(a.readText), fiber.MethodPatch: a.told(a.mendText), fiber.MethodDelete: a.told(a.discardText)},
			Writes: docs{
				fiber.MethodGet:    {Doc: "api.write.text.read", Gives: Text{}, Status: fiber.StatusOK},
				fiber.MethodPatch:  changesDraft("api.write.text.mend", Mending{}, fiber.StatusOK),
				fiber.MethodDelete: changesDraft("api.write.text.discard", nil, fiber.StatusOK),
			},
		},
		{
			Path: text + "/file", Upload: true, Budget: site.BudgetUploads, Write: handlers{fiber.MethodPut: a.told(a.replaceText)},
			Writes: docs{fiber.MethodPut: {Doc: "api.write.text.replace", File: true, Gives: Draft{}, Status: fiber.StatusOK, Match: true, Once: true}},
		},
		{
			Path: text + "/publish", Write: handlers{fiber.MethodPost: a.told(a.publishText)},
			Writes: docs{fiber.MethodPost: changesDraft("api.write.text.publish", nil, fiber.StatusOK)},
		},
		{
			Path: text + "/influences", Write: handlers{fiber.MethodPost: a.told(a.addInfluence)},
			Writes: docs{fiber.MethodPost: {Doc: "api.write.influence.add", Takes: Cause{}, Gives: consultation.Influence{}, Status: fiber.StatusCreated, Once: true}},
		},
		{
			Path: one + "/influences/{id}", Write: handlers{fiber.MethodDelete: a.told(a.removeInfluence)},
			Writes: docs{fiber.MethodDelete: {Doc: "api.write.influence.remove", Status: fiber.StatusNoContent}},
		},
		a.answerRoute("/comments/{id}/answer", "api.write.answer"),
		a.answerRoute(one+"/clusters/{cluster}/answer", "api.write.answer.cluster"),
	}
}

// changesDraft describes a write that needs the revision of a draft and answers
// with it.
func changesDraft(key string, takes any, status int) site.WriteDoc {
	return site.WriteDoc{Doc: key, Takes: takes, Gives: Draft{}, Status: status, Match: true, Once: true}
}

// answerRoute is where a comment or a cluster is answered.
func (a *API) answerRoute(path, key string) site.Route {
	return site.Route{
		Path:  path,
		Write: map[string]site.Handler{fiber.MethodGet: a.told(a.readAnswer), fiber.MethodPut: a.told(a.putAnswer), fiber.MethodDelete: a.told(a.discardAnswer)},
		Writes: map[string]site.WriteDoc{
			fiber.MethodGet:    {Doc: key + ".read", Gives: consultation.Answer{}, Status: fiber.StatusOK},
			fiber.MethodPut:    {Doc: key + ".put", Takes: Reply{}, Gives: consultation.Answer{}, Status: fiber.StatusOK, Once: true},
			fiber.MethodDelete: {Doc: key + ".discard", Status: fiber.StatusNoContent, Match: true},
		},
	}
}
