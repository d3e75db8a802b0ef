package retention

import "syscall"

func access(path string, mode uint32) bool { return syscall.Access(path, mode) == nil }
