// Package event writes the log: one JSON object per line on the standard output.
package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

// Field is a detail of an event. A field never changes its JSON type.
type Field struct {
	Key   string
	Value any
}

// F returns a field.
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

// Time formats a time for files and events of the agent.
func Time(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

// JSON encodes a value. It replaces text that is not UTF-8, and keeps < > and & readable.
func JSON(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(value) != nil {
		return []byte("null")
	}
	return escape(bytes.TrimRight(text.Bytes(), "\n"))
}

// escape escapes what the library does not: control characters beyond ASCII, and characters that change the direction
// of text.
func escape(text []byte) []byte {
	if !bytes.ContainsFunc(text, isUnprintable) {
		return text
	}
	var escaped bytes.Buffer
	for _, r := range string(text) {
		switch {
		case !isUnprintable(r):
			escaped.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&escaped, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&escaped, "\\u%04x", r)
		}
	}
	return escaped.Bytes()
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// Printable returns a text without control characters, except for line breaks, so that a terminal can show it safely.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && isUnprintable(r) {
			return '?'
		}
		return r
	}, text)
}
