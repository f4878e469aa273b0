/** A real Kafka (KRaft, one node) and a real PostgreSQL in or beside this JVM: for one-machine mode and for tests. */
package org.datman.embedded;
