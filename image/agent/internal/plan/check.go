package plan

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

var (
	label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	// ProcDump refuses every other character in a dump's path, but only when it takes the dump.
	path        = regexp.MustCompile(`^/[A-Za-z0-9/._-]*[A-Za-z0-9._-]$`)
	processName = regexp.MustCompile(`^[^-/\s][^/\s]*$`)
	mask        = regexp.MustCompile(`^[0-7]?[0-9A-Fa-f]{1,7}$`)
	podName     = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	watchName   = regexp.MustCompile(`^[a-z0-9-]+$`)
	temporary   = regexp.MustCompile(`^/.*[^/]$`)
)

const (
	maxDumps     = 9999
	maxSeconds   = 9_999_999_999
	maxMebibytes = 999_999_999
)

func (p *Plan) check() error {
	checks := []error{
		oneOf("runtime", p.Runtime, Dotnet, Native),
		matches("container", p.Container, label, "a container name"),
		matches("dumpDirectory", p.DumpDirectory, path, "an absolute path of the characters A-Z a-z 0-9 / . _ -"),
		within("limits.dumpsPerProcess", int64(p.Limits.DumpsPerProcess), 1, maxDumps),
		within("limits.dumpsPerPod", int64(p.Limits.DumpsPerPod), 1, maxDumps),
		within("limits.cooldownSeconds", p.Limits.CooldownSeconds, 0, maxSeconds),
		within("spoolMebibytes", p.SpoolMebibytes, 0, maxMebibytes),
		within("retention.ageSeconds", p.Retention.AgeSeconds, 0, maxSeconds),
		within("retention.count", int64(p.Retention.Count), 0, maxMebibytes),
		within("retention.mebibytes", p.Retention.Mebibytes, 0, maxMebibytes),
		p.checkRuntime(), p.checkStore(), p.checkWatches(), p.checkPod(),
	}
	for _, err := range checks {
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) checkRuntime() error {
	if p.ProcessName != "" {
		if err := matches("processName", p.ProcessName, processName, "the file name of the program, without blank "+
			"or slash"); err != nil {
			return err
		}
	}
	if p.DumpMask != "" && p.Runtime != Native {
		return fmt.Errorf("found dumpMask for runtime %s: it is for native targets only, remove it", p.Runtime)
	}
	if p.DumpMask != "" {
		if err := matches("dumpMask", p.DumpMask, mask, "a hexadecimal number without 0x, 0 to 7fffffff"); err != nil {
			return err
		}
	}
	if p.CrashDumps && p.Runtime != Dotnet {
		return fmt.Errorf("found crashDumps for runtime %s: only the .NET runtime writes crash dumps, remove it",
			p.Runtime)
	}
	return nil
}

func (p *Plan) checkStore() error {
	if p.Store == nil {
		return nil
	}
	if p.SpoolMebibytes == 0 {
		return fmt.Errorf("found no spoolMebibytes beside store, expected the size of the spool: contract %s "+
			"requires it", Contract)
	}
	directory := p.Store.Directory
	if err := matches("store.directory", directory, path,
		"an absolute path of the characters A-Z a-z 0-9 / . _ -"); err != nil {
		return err
	}
	if err := within("store.drainTimeoutSeconds", p.Store.DrainTimeoutSeconds, 0, maxSeconds); err != nil {
		return err
	}
	if err := within("store.mebibytes", p.Store.Mebibytes, 0, maxMebibytes); err != nil {
		return err
	}
	if strings.HasPrefix(directory+"/", p.DumpDirectory+"/") || strings.HasPrefix(p.DumpDirectory+"/", directory+"/") {
		return fmt.Errorf("found the store '%s' and the dump directory '%s' nested in each other, expected two "+
			"volumes: correct store.directory", directory, p.DumpDirectory)
	}
	return nil
}

func (p *Plan) checkWatches() error {
	seen := map[string]bool{}
	for _, watch := range p.Watches {
		if err := matches("the name of a watch", watch.Name, watchName, "the characters a-z 0-9 -"); err != nil {
			return err
		}
		if seen[watch.Name] {
			return fmt.Errorf("found watch '%s' twice, expected each name once: rename one", watch.Name)
		}
		seen[watch.Name] = true
		if len(watch.Triggers) == 0 {
			return fmt.Errorf("watch '%s' has no triggers: add one", watch.Name)
		}
		for _, trigger := range watch.Triggers {
			if err := within("dumps of a trigger of watch '"+watch.Name+"'", int64(trigger.Dumps), 1,
				maxDumps); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Plan) checkPod() error {
	if !podName.MatchString(p.Pod.Name) {
		return fmt.Errorf("found POD_NAME '%s', expected the pod's name: set it from the downward API field "+
			"metadata.name", p.Pod.Name)
	}
	// ProcDump compares the path of the diagnostics socket as text. If it differs, ProcDump takes a .NET process for a
	// native one and writes its whole address space.
	if !temporary.MatchString(p.Pod.TemporaryDirectory) {
		return fmt.Errorf("found TMPDIR '%s', expected an absolute path without a slash at its end: set it exactly "+
			"as in the target", p.Pod.TemporaryDirectory)
	}
	// Without a shared process namespace, the agent is process 1 and never finds a target.
	if os.Getpid() == 1 {
		return fmt.Errorf("found the agent to be process 1, expected the pause container there: set " +
			"shareProcessNamespace to true")
	}
	return nil
}

func matches(what, value string, pattern *regexp.Regexp, expected string) error {
	if pattern.MatchString(value) {
		return nil
	}
	return fmt.Errorf("found '%s' for %s, expected %s: correct the value", value, what, expected)
}

func oneOf(what, value string, known ...string) error {
	for _, candidate := range known {
		if value == candidate {
			return nil
		}
	}
	return fmt.Errorf("found '%s' for %s, expected %s: correct the value", value, what, strings.Join(known, " or "))
}

func within(what string, value, least, most int64) error {
	if value >= least && value <= most {
		return nil
	}
	return fmt.Errorf("found '%d' for %s, expected a number from %d to %d: correct the value", value, what, least, most)
}
