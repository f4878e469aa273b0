/** The developer documentation matches the code. */
package org.datman.local.documentation;
