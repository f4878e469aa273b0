/** The latest consumed events of sessions, and the last published decisions. */
package org.datman.pipeline.state;
