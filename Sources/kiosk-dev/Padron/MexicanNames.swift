/// Names that a waiting room in Mexico hears, common ones first; a draw prefers the front of each list.
enum MexicanNames {
  static let women = list("""
    María Guadalupe|María|Guadalupe|Juana|Margarita|Verónica|Leticia|Rosa María|Alejandra|Elizabeth|Patricia|Ana María|Sofía|\
    Valentina|Ximena|Fernanda|Daniela|Gabriela|Claudia|Adriana|Silvia|Teresa|María Elena|María del Carmen|Rosa|Martha|Josefina|\
    Francisca|Yolanda|Alicia|Antonia|Araceli|Norma|Irma|Blanca Estela|Camila|Regina|Renata|María Fernanda|Mariana|Karla|Karen|\
    Brenda|Diana|Lucía|Paola|Andrea|Jessica|Mónica|Susana|Beatriz|Raquel|Concepción|Esperanza|Dolores|Begoña|María de los Ángeles|\
    María José|Ángela|Inés|Itzel|Citlali|Xóchitl|Nayeli|Yaretzi|Romina|Victoria|Isabella|Natalia|Julieta|Abril|Aitana|Zoé|Noemí|\
    Rocío|Luz María|Ofelia|Graciela|Aurora|Amparo|Consuelo|Micaela|Petra|Eulalia|Ma. de la Luz|María Soledad|Estefanía
    """)

  static let men = list("""
    José Luis|Juan|José|Juan Carlos|Francisco|Miguel Ángel|Jesús|Antonio|Alejandro|Pedro|Santiago|Mateo|Sebastián|Leonardo|\
    Emiliano|Diego|Luis|Carlos|Jorge|Manuel|Roberto|Fernando|Ricardo|Raúl|Javier|Sergio|Rafael|Ramón|Víctor Manuel|Arturo|\
    Francisco Javier|José Antonio|José Guadalupe|José de Jesús|José María|Juan Manuel|Luis Ángel|Daniel|David|Eduardo|Óscar|\
    Gerardo|Enrique|Alberto|Armando|Martín|Salvador|Rubén|Mario|Héctor|Jaime|Joel|Iván|Édgar|Omar|Ángel Gabriel|Emmanuel|\
    Gael|Iker|Thiago|Matías|Nicolás|Maximiliano|Dylan|Cuauhtémoc|Tonatiuh|Ulises|Íñigo|Noé|Ismael|Abraham|Felipe de Jesús|\
    Agustín|Guillermo|Gustavo|Ignacio|J. Guadalupe|Hilario|Leobardo|Refugio|Nemesio|Eleuterio
    """)

  static let either = list("Guadalupe|Ariel|Alex|Cruz|Trinidad|Yael|Sol|Eden|Andrea|Noa")

  static let surnames = list("""
    Hernández|García|Martínez|López|González|Pérez|Rodríguez|Sánchez|Ramírez|Cruz|Flores|Gómez|Morales|Vázquez|Jiménez|Reyes|\
    Díaz|Torres|Gutiérrez|Ruiz|Mendoza|Aguilar|Méndez|Moreno|Ortiz|Juárez|Castillo|Álvarez|Romero|Ramos|Rivera|Chávez|De la Cruz|\
    Domínguez|Guzmán|Velázquez|Santiago|Herrera|Castro|Vargas|Medina|Rojas|Muñoz|Luna|Contreras|Bautista|Salazar|Ortega|Guerrero|\
    Estrada|Santos|Alvarado|Castañeda|Núñez|Cervantes|Ríos|Lara|Vega|Soto|Silva|Delgado|Campos|Peña|Ibarra|Carrillo|Sandoval|\
    León|Fuentes|Cortés|Espinoza|Mejía|Valdez|Ayala|Miranda|Camacho|Acosta|Márquez|Maldonado|Navarro|Cabrera|Rosas|Molina|\
    Pacheco|Trejo|Villegas|Ávila|Salas|Montes de Oca|Zúñiga|Ibáñez|Yáñez|Ordóñez|Patiño|Bolaños|Treviño|Cano|Nava|Rangel|Solís|\
    Robles|Tapia|Osorio|Serrano|Barrera|Duarte|Pech|Canul|Chan|Poot|Uc|May|Xool|Cauich|Tzul|Gómez Luna|Tzintzun|Ik|Ñonthe|\
    Ñeco|De los Santos|Del Ángel|De la Rosa|Ponce de León|D'Acosta|Güemes|Argüelles|Quiñones|Cuéllar|Echeverría|Xicoténcatl|Zepeda
    """)

  private static func list(_ text: String) -> [String] { text.split(separator: "|").map(String.init) }
}
