package email_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"flowrun/builtins/email"
)

// A host asks more than a quota: whom a customer may write to.
func ExampleQuota() {
	quota := email.NewQuota(email.QuotaLimits{Mails: 2, Per: time.Hour})
	config := email.Config{
		Inline: email.OnlyServers("mail.acme.example"),
		Permit: func(ctx context.Context, mail email.Envelope) error {
			for _, recipient := range mail.Recipients {
				if strings.HasSuffix(recipient, "@competitor.example") {
					return fmt.Errorf("%s gets no mail from here", recipient)
				}
			}
			return quota.Permit(ctx, mail)
		},
	}
	for _, to := range []string{"ann@example.com", "bob@competitor.example", "bob@example.com", "cy@example.com"} {
		mail := email.Envelope{From: "shop@acme.example", Recipients: []string{to}, Time: time.Now()}
		fmt.Println(config.Permit(context.Background(), mail))
	}
	// Output:
	// <nil>
	// bob@competitor.example gets no mail from here
	// <nil>
	// the host allows 2 mails in 1h, and this mail would be more
}
