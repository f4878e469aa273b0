/** Sweeps over whole projects, which find changes without a webhook. */
package org.datman.ingest.reconcile;
