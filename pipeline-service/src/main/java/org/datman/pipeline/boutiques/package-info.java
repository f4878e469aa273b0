/**
 * Boutiques tool descriptors, schema 0.5: reading with all faults named, and from values to a command line and output paths.
 * What a descriptor says and DATMAN cannot do is a fault, never ignored.
 */
package org.datman.pipeline.boutiques;
