internal import Glibc

/// Makes folders that nobody else has; whoever makes one removes it.
package enum FreshFolder {
  /// Returns the path of a new and empty one in `parent`, short enough that sockets can stand in it.
  package static func make(in parent: String = "/tmp") throws(FreshFolderFault) -> String {
    var path = Array("\(parent)/ventanilla-XXXXXX".utf8CString)
    guard mkdtemp(&path) != nil else {
      throw FreshFolderFault(description: "no folder can be made in \(parent): \(String(cString: strerror(errno)))")
    }
    return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

package struct FreshFolderFault: Error, CustomStringConvertible {
  package let description: String
}
