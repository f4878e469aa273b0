/**
 * The third dialect of provenance: <a href="https://openlineage.io/docs/spec/object-model">OpenLineage</a> run events of exports and
 * pipeline runs, where the installation names an address for them. A consumer group of its own reads the events of DATMAN, so that an
 * address that does not answer delays lineage and nothing else.
 */
@NullMarked
package org.datman.pipeline.openlineage;

import org.jspecify.annotations.NullMarked;
