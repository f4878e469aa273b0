/** Sweeps over whole projects, which find what no webhook announced. */
package org.datman.ingest.reconcile;
