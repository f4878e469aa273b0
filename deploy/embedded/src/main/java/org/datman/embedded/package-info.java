/** A real Kafka (KRaft, one node) and a real PostgreSQL in this JVM or as separate processes: for one-machine mode and for tests. */
@NullMarked
package org.datman.embedded;

import org.jspecify.annotations.NullMarked;
