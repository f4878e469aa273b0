package org.datman.xnat;

/** Which XNAT it is; told without a login, so it proves that the server can be reached. */
public record XnatBuild(String version) {}
