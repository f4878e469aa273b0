/** Promises in texts for people, checked against the implementation. */
package org.datman.local.promise;
