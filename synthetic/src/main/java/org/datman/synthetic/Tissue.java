package org.datman.synthetic;

/** The tissue at a point of a body. */
public enum Tissue {
    SCALP,
    SKULL,
    CSF,
    GREY,
    WHITE,
    DEEP,
    AGAR
}
