package procdump

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"

	"cdk8s-procdump/agent/internal/setting"
	"cdk8s-procdump/agent/internal/statefile"
)

// CheckTools returns an error if the image lacks a program.
func CheckTools() error {
	for _, tool := range []string{"procdump", "stdbuf"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("found no %s on PATH (%s), expected it in the sidecar image: build the image from the "+
				"Dockerfile of cdk8s-procdump", tool, os.Getenv("PATH"))
		}
	}
	return nil
}

var banner = regexp.MustCompile(`^ProcDump v([0-9][0-9.]*)`)

func versionFile() string { return setting.State("procdump-version") }

// RememberVersion stores the version from the banner, the first line of every ProcDump.
func RememberVersion(line string) {
	if match := banner.FindStringSubmatch(line); match != nil {
		statefile.Write(versionFile(), []byte(match[1]+"\n"))
	}
}

// KnownVersion returns the version of the last ProcDump, or "" before the first one.
func KnownVersion() string { return strings.TrimSpace(statefile.Read(versionFile(), 100)) }
