package email_test

import (
	"testing"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// BenchmarkSmallMail tells how many small mails go out a second from many runs at
// the same time.
func BenchmarkSmallMail(b *testing.B) {
	for _, encryption := range []struct{ name, setting string }{{"plain", `tls: false`}, {"STARTTLS", `tls: "starttls"`}} {
		for _, pool := range []struct {
			name   string
			limits email.PoolLimits
		}{
			{"pool", email.PoolLimits{}},
			{"own connections", email.PoolLimits{MessagesPerConnection: 1}},
		} {
			b.Run(encryption.name+"/"+pool.name, func(b *testing.B) {
				server := startSandbox(b, mailtest.WithReceiver(func(mailtest.Mail) {}))
				config := sandboxed(server)
				config.Pool = newPool(b, pool.limits)
				benchmarkMail(b, config, encryption.setting)
			})
		}
	}
}

// BenchmarkDryRun is all of a small mail but the session.
func BenchmarkDryRun(b *testing.B) {
	benchmarkMail(b, email.Config{Redirect: &email.Redirect{}, Pool: newPool(b, email.PoolLimits{})}, `dryRun: true`)
}

func benchmarkMail(b *testing.B, config email.Config, settings string) {
	p := program(b, config, `sendEmail < to: "Ann <ann@example.com>", from: "Shop <shop@shop.example>", subject: "Your order"
		message: "It is on its way.", server: "mail.example", `+settings+` >`)
	b.ReportAllocs()
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := p.Run(b.Context(), runtime.Inputs{}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
