/**
 * Boutiques tool descriptors, schema 0.5: reading with a list of all faults, and building the command line and output paths from values.
 * A descriptor feature that DATMAN does not support is a fault, never ignored.
 */
@NullMarked
package org.datman.pipeline.boutiques;

import org.jspecify.annotations.NullMarked;
