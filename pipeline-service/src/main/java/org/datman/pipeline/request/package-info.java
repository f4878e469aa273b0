/** Consumes session events, decides which pipelines may run, requests the runs; stores requests as jobs. */
package org.datman.pipeline.request;
