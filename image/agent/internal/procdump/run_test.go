package procdump

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// stub puts a script named procdump on PATH.
func stub(t *testing.T, script string) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "procdump"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
}

func TestTheLastWordsAreThereAtTheEnd(t *testing.T) {
	stub(t, "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; exit 3")
	for try := 0; try < 20; try++ {
		run, err := Launch(nil, true)
		if err != nil {
			t.Fatal(err)
		}
		<-run.Wait()
		if code, ended := run.Ended(); code != 3 || !ended {
			t.Fatal(code, ended)
		}
		if lines := run.Lines(); len(lines) != 300 || lines[299] != "line 299" {
			t.Fatalf("%d lines", len(lines))
		}
	}
}

func TestWhoKeepsThePipeOpenIsNotWaitedFor(t *testing.T) {
	stub(t, "sleep 30 & echo done")
	run, err := Launch(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-run.Wait():
	case <-time.After(5 * time.Second):
		t.Fatal("it is waited for")
	}
}

func TestLinesAreBounded(t *testing.T) {
	stub(t, "head -c 100000 /dev/zero | tr '\\0' x; echo; i=0; while [ $i -lt 5000 ]; do echo $i; i=$((i+1)); done")
	run, err := Launch(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	<-run.Wait()
	lines := run.Lines()
	if len(lines) > maxLines || len(lines[0]) > maxLine {
		t.Fatalf("%d lines, the first of %d bytes", len(lines), len(lines[0]))
	}
}
