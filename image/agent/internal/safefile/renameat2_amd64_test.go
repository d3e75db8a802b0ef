package safefile

const renameat2 = 316
