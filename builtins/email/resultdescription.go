package email

import "flowrun/runtime"

// example is the call that the reference shows.
const example = `sent = sendEmail <
  to:           "Ann <ann@example.com>"
  subject:      "Order 7 has shipped"
  message:      "Your parcel left us today."
  profile:      "shop"
  retryCount:   3
  responseCode: smtp
>`

// replyFields describe a reply of the server.
var replyFields = []runtime.FieldDescription{
	{Key: "code", Type: "int", Doc: "The code of the reply, such as 550; 0 when there was no reply."},
	{Key: "enhanced", Type: "string", Doc: "The enhanced status code, such as \"5.1.1\", or \"\"."},
	{Key: "text", Type: "string", Doc: "What the reply says, or without a reply the reason."},
	{Key: "temporary", Type: "bool", Doc: "Whether a later attempt may succeed."},
}

// resultFields describe what sendEmail returns.
var resultFields = []runtime.FieldDescription{
	{Key: "state", Type: "string", Doc: "What became of the mail: \"sent\", \"partial\" (some recipients get it), \"failed\" (nobody does), \"unknown\" (it may have arrived) or \"dryRun\"."},
	{Key: "messageId", Type: "string or nil", Doc: "The Message-ID of the mail with its angle brackets, for inReplyTo of a later one; nil when no mail was made."},
	{Key: "id", Type: "int or nil", Doc: "The id of the mail in the store; nil without store: true."},
	{Key: "attempts", Type: "int", Doc: "How many attempts were made."},
	{Key: "accepted", Type: "list of strings", Doc: "The addresses that the server took the mail for."},
	{Key: "rejected", Type: "list of maps", Doc: "The recipients who do not get the mail, or perhaps not.", Fields: append([]runtime.FieldDescription{
		{Key: "address", Type: "string", Doc: "The address of the recipient."},
	}, replyFields...)},
	{Key: "response", Type: "string", Doc: "The last reply of the server, such as \"250 2.0.0 Ok\", or \"\"."},
	{Key: "tls", Type: "string", Doc: "The version of TLS, such as \"TLS 1.3\", or \"\" without encryption."},
	{Key: "duration", Type: "duration", Doc: "How long the call took, its waits included."},
}

// errorFields describe what an error of sendEmail has beside the fields of the
// result.
var errorFields = append([]runtime.FieldDescription{
	{Key: "reply", Type: "map", Doc: "The reply that refused the mail, as responseCode has it; it prints as \"550 5.1.1 no such user\".", Fields: append(replyFields[:len(replyFields):len(replyFields)],
		runtime.FieldDescription{Key: "recipients", Type: "list of strings", Doc: "The addresses that have not got the mail, or perhaps not."})},
}, resultFields...)
