# Two kinds of target, after the two kinds of file (see CONTRIBUTING): .cpp knows no OpenFOAM, .C knows no torch, VTK or CUDA.
include(GNUInstallDirs)

# surrogate_library(NAME SOURCES...): code without OpenFOAM, namespace surrogate
function(surrogate_library name)
    add_library(${name} SHARED ${ARGN})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_compile_options(${name} PRIVATE -Wall -Wextra)
    surrogate_hide_foreign_symbols(${name})
    set_property(GLOBAL APPEND PROPERTY SURROGATE_LIBRARIES ${name})  # tests/walls reads their symbols
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# Exports namespace surrogate alone, so that torch's, VTK's and HDF5's inline code never meets another library's
function(surrogate_hide_foreign_symbols name)
    target_link_options(${name} PRIVATE -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map)
    set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/exports.map)
endfunction()

# surrogate_application(NAME SOURCES...): an executable, with or without OpenFOAM
function(surrogate_application name)
    add_executable(${name} ${ARGN})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${name} PRIVATE surrogateCore)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# surrogate_openfoam_options(TARGET): OpenFOAM's flags; its libraries register themselves when loaded, so all stay linked
function(surrogate_openfoam_options name)
    target_compile_options(${name} PRIVATE -Wall -Wextra -Wno-unused-parameter -Wno-old-style-cast)
    target_link_options(${name} PRIVATE -Wl,--no-as-needed)
    target_link_libraries(${name} PRIVATE ${OpenFOAM_LIBRARIES})
endfunction()

# surrogate_openfoam_library(NAME SOURCES...): code in OpenFOAM's style, namespace Foam
function(surrogate_openfoam_library name)
    add_library(${name} SHARED ${ARGN})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    surrogate_openfoam_options(${name})
    install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()
