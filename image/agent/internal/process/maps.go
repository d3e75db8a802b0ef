package process

import (
	"bytes"
	"fmt"
	"os"
)

// A process may have any number of mappings. Its libraries are among the first ones.
const maxMaps = 2 << 20

// Maps reports whether a process has mapped a file whose path contains a text.
func Maps(pid int, text string) bool {
	file, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return false
	}
	defer file.Close()
	block, kept := make([]byte, 1<<16), 0
	for read := 0; read < maxMaps; {
		count, err := file.Read(block[kept:])
		if count <= 0 || err != nil {
			return false
		}
		read += count
		if bytes.Contains(block[:kept+count], []byte(text)) {
			return true
		}
		// The text may begin in this block and end in the next.
		tail := min(kept+count, len(text))
		copy(block, block[kept+count-tail:kept+count])
		kept = tail
	}
	return false
}
