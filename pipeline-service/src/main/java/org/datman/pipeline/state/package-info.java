/** What pipeline has heard of sessions, and what it last said about them. */
package org.datman.pipeline.state;
