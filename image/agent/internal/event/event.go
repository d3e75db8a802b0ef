// Package event writes the log: one JSON object per line on the standard output.
package event

import (
	"bytes"
	"encoding/json"
	"os"
	"time"
)

// Field is a detail of an event. A field keeps one JSON type for ever.
type Field struct {
	Key   string
	Value any
}

// F makes a field.
func F(key string, value any) Field { return Field{key, value} }

// Info, Warn, Error and Log write one event. Fields keep their order.
func Info(name string, fields ...Field)  { Log("info", name, fields...) }
func Warn(name string, fields ...Field)  { Log("warn", name, fields...) }
func Error(name string, fields ...Field) { Log("error", name, fields...) }

func Log(level, name string, fields ...Field) {
	var line bytes.Buffer
	line.WriteByte('{')
	all := append([]Field{{"time", Time(time.Now())}, {"level", level}, {"event", name}}, fields...)
	for i, field := range all {
		if i > 0 {
			line.WriteByte(',')
		}
		line.Write(JSON(field.Key))
		line.WriteByte(':')
		line.Write(JSON(field.Value))
	}
	line.WriteString("}\n")
	// A closed standard output must not end the agent: an exited container makes the whole pod unready.
	os.Stdout.Write(line.Bytes())
}

// Time formats a time as all files and events of the agent do.
func Time(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// JSON encodes a value. Text that is not UTF-8 gets replacement characters; < > and & stay readable.
func JSON(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return []byte("null")
	}
	return bytes.TrimRight(text.Bytes(), "\n")
}
