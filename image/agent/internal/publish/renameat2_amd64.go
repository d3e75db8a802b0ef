package publish

const renameat2 = 316
