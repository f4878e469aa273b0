package org.datman.xnat;

/** Version of XNAT; available without a login, so it only proves that the server can be reached. */
public record XnatBuild(String version) {}
