/** Consumes session events, decides which pipelines may run, requests the runs; stores requests as jobs. */
@NullMarked
package org.datman.pipeline.request;

import org.jspecify.annotations.NullMarked;
