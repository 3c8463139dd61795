package graph

// Graph is a flow as blocks and branches.
type Graph struct {
	// Title is the name in the flow's header, or the name of its source.
	Title string
	// Description is that of the header, or "".
	Description string
	// Sections are the flow itself and then its functions, in order.
	Sections []*Section
}

// Section is the flow, or one of its functions.
type Section struct {
	// Function is the name of the function, "" for the flow.
	Function string
	// Blocks stand in the order of the source, the start first, the end last.
	Blocks   []*Block
	Branches []*Branch

	shape sequence
}

// Kind tells what a block is.
type Kind uint8

// The kinds of blocks.
const (
	Start     Kind = iota // where the flow or a function begins, with its inputs
	Call                  // a call of a component or a function
	Assign                // assignments that follow each other
	Condition             // if and switch
	Loop                  // while and for
	Jump                  // a goto, break or continue that is the target of a goto
	End                   // the end, stop, return, and fail where nothing catches it
)

// Block is one statement, or several assignments. Its texts are of the flow and
// may hold any character but line feeds and others that are not seen, which
// lang.VisibleLine has shown.
type Block struct {
	// ID is unique in the graph: letters and digits.
	ID   string
	Kind Kind
	// Labels are the names by which gotos lead here.
	Labels []string
	// Title is the component, or the keyword of the statement; may be empty.
	Title string
	// Description is that of a call, or "".
	Description string
	// Lines say more, each on a line of its own.
	Lines []string
	// Line is where the statement stands in the source, counted from 1.
	Line int
	// Failure tells that the block ends the run with an error.
	Failure bool
}

// BranchKind tells how a branch is taken.
type BranchKind uint8

// The kinds of branches.
const (
	Next      BranchKind = iota // the flow goes on
	Back                        // the next pass of a loop
	OnFailure                   // failover and catch
	Leap                        // goto, break, continue, and the setting break
)

// Branch leads from one block to another of the same section.
type Branch struct {
	From, To *Block
	Kind     BranchKind
	// Label says when the branch is taken; may be empty.
	Label string

	main bool // it leaves straight down when it can
	loop int  // 1 + the index of the loop that it goes back to, else 0
}
