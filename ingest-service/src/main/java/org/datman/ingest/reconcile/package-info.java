/** Finding what no webhook told. */
package org.datman.ingest.reconcile;
