/** Sweeps over whole projects, which find changes without a webhook. */
@NullMarked
package org.datman.ingest.reconcile;

import org.jspecify.annotations.NullMarked;
