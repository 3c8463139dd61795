package email

import "flowrun/builtins/email/internal/transaction"

// Interruption ends the Attempt.Error of an attempt that ended with its run.
const Interruption = transaction.Interrupted
