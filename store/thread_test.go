package store_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

// mail is a mail as far as threads go: its id, References and In-Reply-To.
type mail struct {
	id      string
	refs    string
	replyTo string
}

func (m mail) message() email.Message {
	return email.Message{MessageID: m.id, References: strings.Fields(m.refs), InReplyTo: m.replyTo}
}

func bring(t *testing.T, st *store.Store, mails []mail) {
	t.Helper()
	for _, m := range mails {
		if _, existed, err := st.Import(t.Context(), m.message(), strings.NewReader(text)); err != nil || existed {
			t.Fatal(m, existed, err)
		}
	}
}

func threadsOf(t *testing.T, st *store.Store) map[string]string {
	t.Helper()
	messages, err := st.Messages(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	threads := map[string]string{}
	for _, m := range messages {
		threads[m.MessageID] = m.Thread
	}
	return threads
}

func TestThreadIsTheEarliestKnownMail(t *testing.T) {
	for name, row := range map[string]struct {
		mails []mail
		want  map[string]string
	}{
		"alone":                     {[]mail{{"a@x", "", ""}}, map[string]string{"a@x": "a@x"}},
		"reply":                     {[]mail{{"a@x", "", ""}, {"b@x", "a@x", "a@x"}}, map[string]string{"a@x": "a@x", "b@x": "a@x"}},
		"reply without references":  {[]mail{{"a@x", "", ""}, {"b@x", "a@x", ""}, {"c@x", "", "b@x"}}, map[string]string{"a@x": "a@x", "b@x": "a@x", "c@x": "a@x"}},
		"parent not stored":         {[]mail{{"b@x", "", "a@x"}, {"c@x", "", "a@x"}}, map[string]string{"b@x": "a@x", "c@x": "a@x"}},
		"references trimmed":        {[]mail{{"c@x", "a@x b@x", "b@x"}, {"d@x", "b@x c@x", "c@x"}}, map[string]string{"c@x": "a@x", "d@x": "a@x"}},
		"child came first":          {[]mail{{"b@x", "", "a@x"}, {"a@x", "", ""}}, map[string]string{"b@x": "a@x", "a@x": "a@x"}},
		"child knew more":           {[]mail{{"c@x", "a@x b@x", "b@x"}, {"b@x", "", ""}}, map[string]string{"c@x": "a@x", "b@x": "a@x"}},
		"two threads are joined":    {[]mail{{"c@x", "", "b@x"}, {"a@x", "", ""}, {"b@x", "a@x", "a@x"}}, map[string]string{"a@x": "a@x", "b@x": "a@x", "c@x": "a@x"}},
		"an earlier one turns up":   {[]mail{{"c@x", "b@x", "b@x"}, {"b@x", "", "a@x"}}, map[string]string{"b@x": "a@x", "c@x": "a@x"}},
		"others stay apart":         {[]mail{{"a@x", "", ""}, {"b@x", "", "a@x"}, {"y@x", "", ""}, {"z@x", "", "y@x"}}, map[string]string{"a@x": "a@x", "b@x": "a@x", "y@x": "y@x", "z@x": "y@x"}},
		"a mail that names itself":  {[]mail{{"a@x", "a@x", "a@x"}}, map[string]string{"a@x": "a@x"}},
		"mails that name in a ring": {[]mail{{"a@x", "b@x", ""}, {"b@x", "a@x", ""}}, map[string]string{"a@x": "b@x", "b@x": "b@x"}},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, st *store.Store) {
				bring(t, st, row.mails)
				if got := threadsOf(t, st); !reflect.DeepEqual(got, row.want) {
					t.Errorf("%v, want %v", got, row.want)
				}
			})
		})
	}
}

func TestConversationIsOneThreadInWhateverOrderItsMailsCome(t *testing.T) {
	// Two conversations, each a tree with whole references.
	var mails []mail
	for _, tree := range []string{"p", "q"} {
		chains := []string{""}
		for i := range 8 {
			parent := chains[rand.IntN(len(chains))]
			ids := strings.Fields(parent)
			m := mail{id: fmt.Sprintf("%s%d@x", tree, i)}
			if i > 0 {
				for len(ids) == 0 {
					parent = chains[rand.IntN(len(chains))]
					ids = strings.Fields(parent)
				}
				m.refs, m.replyTo = parent, ids[len(ids)-1]
			}
			mails = append(mails, m)
			chains = append(chains, strings.TrimSpace(m.refs+" "+m.id))
		}
	}
	for range 3 {
		rand.Shuffle(len(mails), func(i, j int) { mails[i], mails[j] = mails[j], mails[i] })
		storetest.Each(t, func(t *testing.T, st *store.Store) {
			bring(t, st, mails)
			for id, thread := range threadsOf(t, st) {
				if want := id[:1] + "0@x"; thread != want {
					t.Errorf("%s is of %s, want %s, having come in the order %v", id, thread, want, mails)
				}
			}
		})
	}
}

func TestMailsThatComeAtTheSameTimeAreOneThread(t *testing.T) {
	storetest.EachLocation(t, func(t *testing.T, location string) {
		stores := []*store.Store{storetest.Open(t, location), storetest.Open(t, location)}
		done := make(chan error)
		const n = 24
		for i := range n {
			go func() {
				m := mail{id: fmt.Sprintf("%d@x", i)}
				if i > 0 {
					m.replyTo = fmt.Sprintf("%d@x", i-1)
				}
				_, _, err := stores[i%2].Import(t.Context(), m.message(), strings.NewReader(text))
				done <- err
			}()
		}
		for range n {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		distinct := map[string]bool{}
		for _, thread := range threadsOf(t, stores[0]) {
			distinct[thread] = true
		}
		if len(distinct) != 1 {
			t.Errorf("%d threads: %v", len(distinct), distinct)
		}
	})
}

func TestVeryLongReferencesAreKept(t *testing.T) {
	var refs []string
	for i := range 5000 {
		refs = append(refs, fmt.Sprintf("%d@x", i))
	}
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		bring(t, st, []mail{{"a@x", strings.Join(refs, " "), ""}, {"b@x", "4999@x", ""}})
		m, err := st.MessageByMessageID(t.Context(), "a@x")
		if err != nil || !reflect.DeepEqual(m.References, refs) {
			t.Errorf("%d references: %v", len(m.References), err)
		}
		if got := threadsOf(t, st); got["b@x"] != "0@x" {
			t.Errorf("%v", got)
		}
	})
}
