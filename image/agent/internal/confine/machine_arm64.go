package confine

const machine = 0xc00000b7 // AUDIT_ARCH_AARCH64
