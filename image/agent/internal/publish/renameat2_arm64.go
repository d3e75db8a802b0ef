package publish

const renameat2 = 276
