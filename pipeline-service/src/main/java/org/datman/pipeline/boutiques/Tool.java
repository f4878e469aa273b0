package org.datman.pipeline.boutiques;

import java.nio.file.Path;

/**
 * A runnable tool: its descriptor and its own files.
 *
 * @param sha256 SHA-256 of the descriptor and, if it has files, of their names and digests
 * @param folder folder of the files
 */
public record Tool(Descriptor descriptor, String sha256, Path folder) {}
