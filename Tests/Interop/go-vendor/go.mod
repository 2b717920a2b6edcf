module ventanilla/cliente

go 1.19
