"""One figure made of several questions: CSI, ACSI, Secure Customer Index, alpha, agreement."""
