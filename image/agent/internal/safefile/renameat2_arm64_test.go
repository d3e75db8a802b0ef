package safefile

const renameat2 = 276
