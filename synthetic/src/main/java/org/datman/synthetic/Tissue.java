package org.datman.synthetic;

/** What a point of a body is made of. */
public enum Tissue {
    SCALP,
    SKULL,
    CSF,
    GREY,
    WHITE,
    DEEP,
    AGAR
}
