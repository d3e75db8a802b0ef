package plan

import (
	"encoding/json"
	"os"
	"reflect"
	"sort"
	"strings"
	"testing"
)

const sound = `{"runtime":"dotnet","container":"web","dumpDirectory":"/dumps",
	"limits":{"dumpsPerProcess":2,"dumpsPerPod":5,"cooldownSeconds":600},"retention":{},"watches":[]}`

// The library checks its plans against the schema.
func TestTypesAgreeWithTheSchema(t *testing.T) {
	text, err := os.ReadFile("plan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema node
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	compare(t, "plan", schema, schema, reflect.TypeOf(Plan{}))
}

type node struct {
	Ref         string          `json:"$ref"`
	Properties  map[string]node `json:"properties"`
	Required    []string        `json:"required"`
	Items       *node           `json:"items"`
	Definitions map[string]node `json:"definitions"`
}

func compare(t *testing.T, what string, root, schema node, goType reflect.Type) {
	if name, found := strings.CutPrefix(schema.Ref, "#/definitions/"); found {
		schema = root.Definitions[name]
	}
	for goType.Kind() == reflect.Pointer {
		goType = goType.Elem()
	}
	if goType.Kind() == reflect.Slice && schema.Items != nil {
		compare(t, what+"[]", root, *schema.Items, goType.Elem())
		return
	}
	if goType.Kind() != reflect.Struct {
		return
	}
	fields, required := map[string]reflect.Type{}, []string{}
	for i := 0; i < goType.NumField(); i++ {
		name, option, _ := strings.Cut(goType.Field(i).Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		fields[name] = goType.Field(i).Type
		if option != "omitempty" {
			required = append(required, name)
		}
	}
	sort.Strings(schema.Required)
	sort.Strings(required)
	if !reflect.DeepEqual(append([]string{}, schema.Required...), required) {
		t.Errorf("%s: the schema requires %v, the type %v", what, schema.Required, required)
	}
	for name := range schema.Properties {
		if fields[name] == nil {
			t.Errorf("%s: the type has no field %s", what, name)
		}
	}
	for name, field := range fields {
		property, known := schema.Properties[name]
		if !known {
			t.Errorf("%s: the schema has no field %s", what, name)
			continue
		}
		compare(t, what+"."+name, root, property, field)
	}
}

func TestNumbersAtTheirEdges(t *testing.T) {
	t.Setenv("POD_NAME", "web-0")
	for change, ok := range map[string]bool{
		`"dumpsPerPod":1,`: true, `"dumpsPerPod":9999,`: true, `"dumpsPerPod":0,`: false, `"dumpsPerPod":10000,`: false,
	} {
		_, err := Parse(strings.Replace(sound, `"dumpsPerPod":5,`, change, 1))
		if (err == nil) != ok {
			t.Errorf("%s: %v", change, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sound)
	f.Add(`{"watches":[{"name":"a","triggers":[{"kind":"memory","dumps":1,"thresholdsMebibytes":[1]}]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if plan, err := Parse(text); err == nil {
			plan.JSON()
		}
	})
}
