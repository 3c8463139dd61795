package runtime_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"flowrun/runtime"
)

type describedSettings struct {
	Name   string                 `flow:"name,required" alias:"title" doc:"What it is called."`
	Many   int                    `flow:"many" min:"0" max:"9" default:"1"`
	Colour string                 `flow:"colour" enum:"red,green" default:"red"`
	Wait   *time.Duration         `flow:"wait"`
	Ids    []int                  `flow:"ids"`
	Odd    odd                    `flow:"odd"`
	Answer runtime.OutputVariable `flow:"answer"`
	Login  *struct {
		Password runtime.Password `flow:"password,required"`
	} `flow:"login"`
}

type odd struct{}

func (*odd) DecodeSetting(any) error { return nil }
func (*odd) SettingType() string     { return "odd number" }

func TestAComponentDescribesItsSettings(t *testing.T) {
	component := runtime.NewComponent("do", func(context.Context, *runtime.Call, *describedSettings) (any, error) { return nil, nil },
		runtime.Doc("Does it."), runtime.In(runtime.Chat))
	zero, nine := 0.0, 9.0
	want := []runtime.SettingDescription{
		{Key: "name", Alias: "title", Doc: "What it is called.", Type: "string", Required: true},
		{Key: "many", Type: "int", Default: "1", Min: &zero, Max: &nine},
		{Key: "colour", Type: "string", Default: `"red"`, Enum: []string{"red", "green"}},
		{Key: "wait", Type: "duration"},
		{Key: "ids", Type: "list of ints"},
		{Key: "odd", Type: "odd number"},
		{Key: "answer", Type: "output variable", Variable: true, Output: true},
		{Key: "login", Type: "map", Settings: []runtime.SettingDescription{
			{Key: "password", Type: "string or secret", Required: true, Secret: true},
		}},
	}
	if got := component.Settings(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if component.Doc() != "Does it." || !reflect.DeepEqual(component.FlowTypes(), []runtime.FlowType{runtime.Chat}) {
		t.Errorf("got %q, %q", component.Doc(), component.FlowTypes())
	}
}
