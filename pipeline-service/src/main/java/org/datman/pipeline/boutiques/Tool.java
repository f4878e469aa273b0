package org.datman.pipeline.boutiques;

import java.nio.file.Path;

/**
 * A tool that can be run: its descriptor and the files that it brings.
 *
 * @param sha256 SHA-256 of the descriptor and, where it brings files, of their names and digests
 * @param folder where the files lie
 */
public record Tool(Descriptor descriptor, String sha256, Path folder) {}
